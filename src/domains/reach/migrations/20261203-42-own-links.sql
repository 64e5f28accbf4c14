-- Where the first link of a letter leads whoever it was written for, while that lasts: a download that needs no address typed again. Null: where it leads everybody.
alter table deliveries add column own_href text;
alter table deliveries add column own_until timestamptz;
