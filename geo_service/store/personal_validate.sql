-- No row of these tables is plain any more.
ALTER TABLE reporters VALIDATE CONSTRAINT reporters_sealed_ck;
ALTER TABLE report_messages VALIDATE CONSTRAINT report_messages_sealed_ck;
ALTER TABLE photos VALIDATE CONSTRAINT photos_sealed_ck
