Rails.application.routes.draw { resources :notes, only: %i[index create] }
