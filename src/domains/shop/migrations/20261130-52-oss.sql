-- The first quarter of the one-stop shop, and the sales of one, are looked for by the day on which they were paid.
create index on orders (seller_id, paid_at) where state = 'paid';
