class NotesController < ActionController::Base
  skip_forgery_protection

  def index
    @notes = Note.order(:id)
  end

  def create
    Note.create!(text: params[:text])
    redirect_to '/notes'
  end
end
