-- Whoever is erased and comes again finds the code of a batch that was theirs, whatever gives of it: what is kept for that stands beside the code that was given (docs/decisions/0114).

-- What is kept of an address whose code was given to somebody who is erased since: a hash of the signed hash, another one for each batch.
create function given_code_mark(batch uuid, address_hash text) returns text language sql immutable as $$
  select encode(sha256(convert_to(batch::text || ' ' || address_hash, 'UTF8')), 'hex')
$$;

alter table given_codes drop constraint given_codes_pkey;
drop index given_codes_code_idx;
alter table given_codes
  -- Null: erased since, or found to be somebody who has one.
  alter column fan_id drop not null,
  -- Empty while somebody is behind it.
  add column marks text[] not null default '{}',
  add primary key (code),
  add check (fan_id is null or marks = '{}');
create unique index given_codes_once on given_codes (batch_id, fan_id);
create index given_codes_nobodys on given_codes (batch_id) where fan_id is null;

insert into given_codes (batch_id, fan_id, code, given_at, marks)
select s.batch_id, null, s.code, s.given_at, s.marks from sequence_codes s join codes c on c.code = s.code and c.batch_id = s.batch_id
where s.fan_id is null and s.marks <> '{}'
on conflict (code) do nothing;
