-- Which code is whose, and was, given_codes of the shop says for all that gives of a batch (docs/decisions/0114).
drop table sequence_codes;
drop function sequence_code_mark;
