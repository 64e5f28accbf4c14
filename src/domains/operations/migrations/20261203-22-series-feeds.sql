-- The feed of a series is a page that is kept: what changes in it is said.
create trigger pages_changed after insert or update or delete or truncate on series_items for each statement execute function pages_changed();
