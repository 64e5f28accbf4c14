-- Of how many there are, pages show that there are none, how few there are, or nothing. While there are more, what is ordered and paid changes no page: said of every order, it dropped all pages that are
-- kept, and let buyers' transactions commit one after the other, as Postgres does with those that notify.
drop trigger pages_changed on variants;
create trigger pages_changed after insert or delete or truncate or update of product_id, name, sku, price, weight, position, removed_at on variants
  for each statement execute function pages_changed();

-- Of a bundle there are as many as its parts suffice for. 5: what the shop calls few (stock.rules.ts).
create function stock_shown() returns trigger language plpgsql as $$
begin
  if exists (
    select from (select 1 as quantity union all select b.quantity from bundle_parts b where b.variant_id = new.id) taken
    where least((old.stock - old.held) / quantity, 5 + 1) <> least((new.stock - new.held) / quantity, 5 + 1)
  ) then
    perform pg_notify('pages_changed', '');
  end if;
  return null;
end $$;
create trigger pages_changed_by_stock after update of stock, held on variants for each row
  when (old.stock - old.held is distinct from new.stock - new.held) execute function stock_shown();
