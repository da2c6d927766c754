require 'rails'
require 'active_record/railtie'
require 'action_controller/railtie'
require 'action_view/railtie'

module Notes
  class Application < Rails::Application
    config.load_defaults 6.1
    config.eager_load = true
    config.secret_key_base = 'not-a-secret'
    config.hosts.clear
    config.consider_all_requests_local = false
    config.logger = ActiveSupport::Logger.new($stdout)
  end
end
