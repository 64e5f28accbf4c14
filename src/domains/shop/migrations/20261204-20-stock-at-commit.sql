-- What an order keeps, and what it takes once it is paid, is counted while its transaction commits. The row of a thing that many want at once is locked for as long as the
-- disk needs, and not while a program and a network are waited for.

create function keep_stock() returns trigger language plpgsql as $$
begin
  update variants set held = held + new.quantity where id = new.variant_id and stock - held >= new.quantity;
  if not found then
    raise exception 'there is not as much of it as is wanted' using errcode = 'check_violation', table = 'stock_holds', constraint = 'stock_kept';
  end if;
  return null;
end $$;
create constraint trigger stock_kept after insert on stock_holds deferrable initially deferred
  for each row execute function keep_stock();

create function take_stock() returns trigger language plpgsql as $$
begin
  -- In one order, so that two who take the same things do not wait for each other in a ring.
  perform from stock_holds h join variants v on v.id = h.variant_id where h.order_id = new.id order by v.id for no key update of v;
  if found then
    with gone as (delete from stock_holds where order_id = new.id returning variant_id, quantity)
    update variants v set held = v.held - gone.quantity, stock = v.stock - gone.quantity from gone where v.id = gone.variant_id;
  end if;
  return null;
end $$;
create constraint trigger stock_taken after update of state on orders deferrable initially deferred
  for each row when (new.state = 'paid' and old.state <> 'paid') execute function take_stock();
