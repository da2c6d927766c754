ActiveRecord::Schema.define(version: 1) { create_table(:notes) { |table| table.string :text } }
