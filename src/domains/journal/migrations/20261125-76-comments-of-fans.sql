-- All that one fan wrote: to show it to them, and to erase it with them.
create index on comments (fan_id);
create index on comments (mail) where mail is not null;
create index on comments (answers);
