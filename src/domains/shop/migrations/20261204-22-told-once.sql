-- That a parcel left is told once (docs/decisions/0103): that a message is handed over is written down first. Without what became of it, a person decides.
alter table parcels add column telling_at timestamptz;
alter table parcel_corrections add column telling_at timestamptz;
