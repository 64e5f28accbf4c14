-- Whether a return was set right is asked of each that is counted.
create index returns_reversing on returns (reverses) where reverses is not null;
