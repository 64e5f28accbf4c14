-- Who paid twice, and whose bank took back what fitted nothing, has paid for the period once: it was closed all the same.
update member_periods p set closed_at = null
from orders o
where o.id = p.order_id and p.closed_at is not null and not (o.total > 0 and o.refunded >= o.total)
  and not exists (select from disputes d join payments y on y.id = d.payment_id
    where d.order_id = o.id and d.state = 'lost' and coalesce(y.outcome, 'paid') = 'paid');

-- When one period that went back still ended everything, it took what else was paid with it: that is theirs until its end. Who left by themselves lost nothing of it.
update members m set paid_until = k.until
from (select membership_id as id, max(until) as until from member_periods where closed_at is null group by 1) k
where k.id = m.id and m.state = 'left' and m.paid_until < k.until
  and exists (select from member_periods c where c.membership_id = m.id and c.closed_at is not null);
