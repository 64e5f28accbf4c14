-- A picture of a product has an id of its own, so that it can be moved, taken off and put back; one that shows a single variant says which.
alter table product_pictures
  add column id uuid not null default gen_random_uuid(),
  add column variant_id uuid references variants on delete set null,
  add column removed_at timestamptz,
  drop constraint product_pictures_pkey,
  add primary key (id);
alter table product_pictures alter column id drop default;
create index on product_pictures (product_id, position);
create index on product_pictures (image_id);
create index on product_pictures (variant_id) where variant_id is not null;
