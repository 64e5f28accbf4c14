-- Whether an artist can be followed by telephone is on their pages.
create trigger pages_changed after insert or update or delete or truncate on providers for each statement execute function pages_changed();
