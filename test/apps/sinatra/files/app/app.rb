require 'sinatra'
require 'json'

get('/') { 'Hello from Sinatra' }
get('/page/:name') { erb :page, locals: { name: params[:name] } }
get('/json') { content_type :json; JSON.generate(ruby: RUBY_ENGINE, digest: Digest::SHA256.hexdigest('cinzel')) }
