-- How many of each thing were sold is read from these two alone, and from no order or line.
create index on order_lines (product_id) include (order_id, quantity);
create index orders_unpaid on orders (id) where state <> 'paid';
