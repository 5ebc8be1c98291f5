-- A request that is repeated, after a crash or from a page, proposes one meeting.
ALTER TABLE assignment_meeting ADD COLUMN command_id text;
CREATE UNIQUE INDEX assignment_meeting_once ON assignment_meeting (assignment_id, command_id);
