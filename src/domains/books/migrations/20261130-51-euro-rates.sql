-- The euro's reference rates as the European Central Bank publishes them, of the currencies in which somebody here keeps books.
create table euro_rates (
  currency char(3) not null,
  day date not null,
  -- How many of the currency one euro is.
  rate numeric not null check (rate > 0),
  primary key (currency, day)
);

-- Where this program does not reach the Bank, a seller types what it published; that holds for their own books until it is here.
create table euro_rates_typed (
  seller_id uuid not null references sellers,
  currency char(3) not null,
  day date not null,
  rate numeric not null check (rate > 0),
  typed_by uuid not null,
  typed_at timestamptz not null,
  primary key (seller_id, currency, day)
);
