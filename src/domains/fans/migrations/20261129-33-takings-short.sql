-- The address that a text message has room for: of a taking by a number alone, and as good for as long as its key.
alter table takings add column short text unique;
