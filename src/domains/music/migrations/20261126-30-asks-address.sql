-- Whether who takes a download of what is public is asked for an address first. Secret links, and listening, ask for none.
alter table releases add column asks_address boolean not null default false;
