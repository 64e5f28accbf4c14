-- What goes with each of a series: who is told of it, what it costs in the shop (docs/decisions/0092).
alter table series
  add column notice text check (notice in ('fans', 'followers')),
  add column notice_words text not null default '',
  -- Minor units of the seller's currency; null: it is not sold.
  add column price integer check (price > 0);
alter table series_items
  add column announcement_id uuid references announcements on delete set null,
  add column product_id uuid references products on delete set null;
