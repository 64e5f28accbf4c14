-- When what came in was emptied of its words and of who wrote it; the row stays, since it is what consents name as their proof.
alter table received add column forgotten_at timestamptz;
create index on received (received_at) where forgotten_at is null;
