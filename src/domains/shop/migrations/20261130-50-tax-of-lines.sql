-- Why it is taxed as it is belongs to each line: a download and a record of one order may be taxed by different rules.
alter table order_lines add column tax_reason text;
alter table orders add column shipping_tax_reason text;

-- Of an order that was sent, the reason that it kept was that of what is sent; of any other that of all its lines. What it said nothing of, the downloads of
-- an order that was sent, follows from whose tax is on them. Monaco is France, the Isle of Man the United Kingdom.
update order_lines l set tax_reason = case
    when l.kind = 'tip' then 'tip'
    when o.tax_reason in ('small', 'no-vat') or l.weight is not null or o.address is null then o.tax_reason
    when l.tax_country = (case s.country when 'MC' then 'FR' when 'IM' then 'GB' else s.country end) then
      case when l.tax_country = (case o.country when 'MC' then 'FR' when 'IM' then 'GB' else o.country end) then 'home' else 'below-threshold' end
    when l.rate > 0 then 'oss'
    else 'export'
  end
from orders o join sellers s on s.id = o.seller_id where o.id = l.order_id;
update orders set shipping_tax_reason = tax_reason where address is not null;

alter table order_lines alter column tax_reason set not null;
alter table orders drop column tax_reason;

-- What a seller sold to consumers in other countries of the EU in a calendar year, before tax, less what went back of it: what the threshold of article 59c of
-- directive 2006/112/EC counts. Written in the transaction of each sale, in sixteen parts, so that buyers at the same moment do not wait for one another.
create table cross_border_sums (
  seller_id uuid not null references sellers,
  year smallint not null,
  currency char(3) not null,
  part smallint not null check (part between 0 and 15),
  sold bigint not null,
  -- The day of a sale with which the sum of the year was above the threshold: what goes back afterwards changes nothing of that.
  passed_on date,
  primary key (seller_id, year, currency, part)
);

with places (code) as (
  select unnest(string_to_array('AT BE BG HR CY CZ DK EE ES FI FR DE GR HU IE IT LV LT LU MT NL PL PT RO SK SI SE', ' '))
), sales as (
  select o.seller_id, extract(year from o.paid_at at time zone s.time_zone)::smallint as year, o.currency,
    (o.paid_at at time zone s.time_zone)::date as day, case s.country when 'MC' then 'FR' else s.country end as home,
    case d.country when 'MC' then 'FR' else d.country end as there, d.net
  from orders o join sellers s on s.id = o.seller_id,
    lateral (
      select case when l.kind in ('record', 'merch') then coalesce(o.address->>'country', s.country) else o.country end as country,
        l.gross - l.tax - case when l.gross = 0 then 0 else round((l.gross - l.tax)::numeric * l.refunded / l.gross) end as net
      from order_lines l where l.order_id = o.id and l.kind <> 'tip'
      union all
      select coalesce(o.address->>'country', s.country),
        o.shipping - o.shipping_tax - case when o.shipping = 0 then 0 else round((o.shipping - o.shipping_tax)::numeric * o.shipping_refunded / o.shipping) end
    ) d
  where o.state = 'paid'
), abroad as (
  select * from sales where home <> there and home in (select code from places) and there in (select code from places)
)
insert into cross_border_sums (seller_id, year, currency, part, sold, passed_on)
select seller_id, year, currency, 0, sum(net)::bigint, case when currency = 'EUR' and sum(net) > 1000000 then max(day) end
from abroad group by seller_id, year, currency having sum(net) <> 0;
