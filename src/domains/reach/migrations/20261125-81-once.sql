-- A job runs twice when its worker dies at the wrong moment: what it lets leave has a name of its own, and leaves once.
alter table deliveries add column once text;
create unique index deliveries_by_name on deliveries (once) where once is not null;
