-- What sending costs: for a parcel up to a weight, to some countries. The cheapest line that bears the parcel counts.
create table shipping_rates (
  id uuid primary key,
  seller_id uuid not null references sellers on delete cascade,
  -- ISO 3166-1 alpha-2; 'EU' for the European Union, '*' for everywhere that no other line names.
  countries text[] not null check (cardinality(countries) > 0),
  -- Grams; null: whatever it weighs.
  up_to integer check (up_to > 0),
  -- Minor units of the seller's currency, taxes included.
  price bigint not null check (price >= 0),
  position smallint not null default 0
);
create index on shipping_rates (seller_id);

do $$
declare
  shown text;
begin
  foreach shown in array array['sellers', 'products', 'product_pictures', 'variants'] loop
    execute format(
      'create trigger pages_changed after insert or update or delete or truncate on %I for each statement execute function pages_changed()',
      shown
    );
  end loop;
end $$;

-- What a seller says to buyers besides prices.
create table shop_settings (
  seller_id uuid primary key references sellers on delete cascade,
  -- Where a transfer goes: account holder, IBAN, BIC, as plain text. Empty: no transfers are taken.
  pays_to text not null default '',
  -- How long an order waits for a transfer.
  hold_days smallint not null default 10 check (hold_days between 1 and 60)
);
