-- All of an order that goes by post has left, so that who packs reads what waits and not all that was ever sent. What has left stays so; false says nothing.
alter table orders add column all_sent boolean not null default false;
update orders o set all_sent = true where o.address is not null and o.state = 'paid' and not exists (
  select from order_lines l
  left join (
    select p.order_id, x.position, sum(x.quantity) as quantity from parcels p join parcel_lines x on x.parcel_id = p.id
    where p.kind = 'order' and p.sent_at is not null group by p.order_id, x.position
  ) sent on sent.order_id = l.order_id and sent.position = l.position
  where l.order_id = o.id and l.weight is not null and l.quantity > coalesce(sent.quantity, 0));
create index orders_to_pack on orders (artist_id, placed_at) where state = 'paid' and address is not null and not all_sent;
