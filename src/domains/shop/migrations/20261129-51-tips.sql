-- A tip is offered as other things are: the visitor names what it is, and gets nothing for it.
alter table products drop constraint products_kind_check;
alter table products add constraint products_kind_check check (kind in ('download', 'record', 'merch', 'bundle', 'tip'));
alter table products add constraint tip_is_named check (kind <> 'tip' or (pricing = 'named' and price > 0 and subject is null));
