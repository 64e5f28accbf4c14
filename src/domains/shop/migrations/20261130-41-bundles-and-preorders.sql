-- Of what is not out yet: the tracks that whoever orders it has at once.
create table early_tracks (
  product_id uuid not null references products on delete cascade,
  track_id uuid not null references tracks on delete cascade,
  primary key (product_id, track_id)
);
create index on early_tracks (track_id);
alter table bundle_parts add column position smallint not null default 0;
create index on bundle_parts (variant_id);

-- Ordered before it was out: the day that was named then, and when its buyer was told that it is out.
alter table order_lines add column released_at timestamptz, add column told_at timestamptz;
create index on order_lines (product_id) where released_at is not null and told_at is null;

do $$
declare
  shown text;
begin
  foreach shown in array array['bundle_parts', 'early_tracks'] loop
    execute format(
      'create trigger pages_changed after insert or update or delete or truncate on %I for each statement execute function pages_changed()',
      shown
    );
  end loop;
end $$;
