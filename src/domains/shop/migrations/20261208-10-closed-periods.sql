-- All that was paid for a period went back, or was lost to a dispute: what it gave is closed, while the periods beside it may be open.
alter table member_periods add column closed_at timestamptz, add check (closed_at is null or until is not null);
update member_periods p set closed_at = coalesce(
    (select max(r.done_at) from refunds r where r.order_id = p.order_id and r.state = 'done'),
    (select max(d.closed_at) from disputes d where d.order_id = p.order_id and d.state = 'lost'), now())
from orders o
where o.id = p.order_id and p.until is not null
  and ((o.total > 0 and o.refunded >= o.total) or exists (select from disputes d where d.order_id = o.id and d.state = 'lost'));
create index on member_periods (membership_id) where closed_at is not null;

-- Beside until when it is paid: the times before that which are closed.
create or replace view member_fans as
  select m.artist_id, coalesce(f.merged_into, f.id) as fan_id, m.product_id as plan, m.paid_until,
    (select range_agg(tstzrange(p.from_at, p.until)) from member_periods p where p.membership_id = m.id and p.closed_at is not null) as closed
  from members m
    join fan_addresses a on a.channel = 'mail' and a.address_key = m.mail_key and a.removed_at is null
    join fans f on f.id = a.fan_id and f.erased_at is null
  where m.mail_key <> '' and m.artist_id is not null;
