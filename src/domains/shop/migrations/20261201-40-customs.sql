-- What customs are told of a thing that goes abroad. Empty: not said yet.
alter table products
  -- In words that an officer abroad reads; empty: its title.
  add column customs_name text not null default '' check (length(customs_name) <= 60),
  -- Of the Harmonized System: its six figures, or more of a country's own.
  add column hs_code text not null default '' check (hs_code ~ '^([0-9]{6,10})?$'),
  -- Where it was made: ISO 3166-1.
  add column origin text not null default '' check (origin ~ '^([A-Z]{2})?$');

-- Under which VAT on imports into the EU was paid already (Import One-Stop Shop); empty: none.
alter table shop_settings add column ioss text not null default '' check (ioss ~ '^(IM[0-9]{10})?$');
