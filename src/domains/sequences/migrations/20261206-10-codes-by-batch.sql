-- A code of a batch is somebody's once, whichever steps give of it; whoever is erased and comes again finds the one that was theirs (docs/decisions/0114).

-- What is kept of an address whose code was given to somebody who is erased since: a hash of the signed hash, another one for each batch.
create function sequence_code_mark(batch uuid, address_hash text) returns text language sql immutable as $$
  select encode(sha256(convert_to(batch::text || ' ' || address_hash, 'UTF8')), 'hex')
$$;

alter table sequence_codes
  add column batch_id uuid references code_batches on delete cascade,
  -- Empty while somebody is behind it.
  add column marks text[] not null default '{}';
update sequence_codes s set batch_id = c.batch_id from codes c where c.code = s.code;
delete from sequence_codes where batch_id is null;
-- Where several steps gave of one batch, the first code is theirs; the link of the others still leads to what it led to.
update sequence_codes s set fan_id = null
  where fan_id is not null and exists (
    select from sequence_codes o where o.batch_id = s.batch_id and o.fan_id = s.fan_id and (o.given_at, o.code) < (s.given_at, s.code));
drop index sequence_codes_once;
alter table sequence_codes alter column batch_id set not null, drop constraint sequence_codes_pkey, add primary key (code);
create unique index sequence_codes_once on sequence_codes (batch_id, fan_id);
create index sequence_codes_given on sequence_codes (give_id);
create index sequence_codes_nobodys on sequence_codes (batch_id) where fan_id is null;

-- 'code': the batch has none left, or may be used no longer.
alter table sequence_runs drop constraint sequence_runs_waits_for_check,
  add constraint sequence_runs_waits_for_check check (waits_for in ('limit', 'pause', 'code'));
