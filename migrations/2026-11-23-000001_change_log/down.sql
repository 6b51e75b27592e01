drop table changes;
drop function changes_number_at_commit();
drop table change_head;
