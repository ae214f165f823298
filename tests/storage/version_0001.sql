-- A database as the first version of the schema left it.
BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0001');
CREATE TABLE entries (
	room_id INTEGER NOT NULL, 
	seq INTEGER NOT NULL, 
	at DATETIME NOT NULL, 
	kind TEXT NOT NULL, 
	record JSON NOT NULL, 
	CONSTRAINT pk_entries PRIMARY KEY (room_id, seq), 
	CONSTRAINT fk_entries_room_id_rooms FOREIGN KEY(room_id) REFERENCES rooms (id)
);
INSERT INTO "entries" VALUES(1,1,'2026-11-24 04:07:44.452144','opened','{"kind":"opened","by":1,"by_name":"Ann","scenario":"Test","prompt":"Talk.","opening":"Begin.","rounds":3,"seconds_between_turns":0.5,"offline":false}');
INSERT INTO "entries" VALUES(1,2,'2026-11-24 04:07:44.458426','joined','{"kind":"joined","seat":1,"model":"Kimi K2","invited_by":null,"invitation":""}');
INSERT INTO "entries" VALUES(1,3,'2026-11-24 04:07:44.458426','spoke','{"kind":"spoke","turn":1,"seat":1,"text":"The tide — it turns 🎨"}');
INSERT INTO "entries" VALUES(2,1,'2026-11-24 04:07:44.462659','opened','{"kind":"opened","by":1,"by_name":"Ann","scenario":"Test","prompt":"Talk.","opening":"Begin.","rounds":3,"seconds_between_turns":0.5,"offline":false}');
INSERT INTO "entries" VALUES(2,2,'2026-11-24 04:07:44.462659','ended','{"kind":"ended","reason":"Enough.","by_name":""}');
CREATE TABLE pictures (
	room_id INTEGER NOT NULL, 
	picture INTEGER NOT NULL, 
	media_type TEXT NOT NULL, 
	width INTEGER NOT NULL, 
	height INTEGER NOT NULL, 
	for_models BLOB NOT NULL, 
	data BLOB NOT NULL, 
	CONSTRAINT pk_pictures PRIMARY KEY (room_id, picture), 
	CONSTRAINT fk_pictures_room_id_rooms FOREIGN KEY(room_id) REFERENCES rooms (id)
);
INSERT INTO "pictures" VALUES(1,1,'image/png',4,3,X'736D616C6C',X'6279746573');
CREATE TABLE posts (
	id INTEGER NOT NULL, 
	room_id INTEGER NOT NULL, 
	entry_seq INTEGER NOT NULL, 
	seat INTEGER, 
	persona TEXT NOT NULL, 
	model TEXT NOT NULL, 
	text TEXT NOT NULL, 
	picture INTEGER, 
	alt_text TEXT NOT NULL, 
	file TEXT, 
	message_id BIGINT, 
	posted_at DATETIME, 
	refusal TEXT, 
	CONSTRAINT pk_posts PRIMARY KEY (id), 
	CONSTRAINT fk_posts_room_id_entry_seq_entries FOREIGN KEY(room_id, entry_seq) REFERENCES entries (room_id, seq), 
	CONSTRAINT uq_posts_message_id UNIQUE (message_id)
);
INSERT INTO "posts" VALUES(1,1,1,NULL,'','','welcome',NULL,'',NULL,500,'2026-11-24 04:07:44.456379',NULL);
INSERT INTO "posts" VALUES(2,1,3,1,'AI-1 (Kimi K2)','Kimi K2','still owed',1,'the tide',NULL,NULL,NULL,NULL);
CREATE TABLE rooms (
	id INTEGER NOT NULL, 
	guild_id BIGINT NOT NULL, 
	channel_id BIGINT NOT NULL, 
	parent_id BIGINT, 
	opened_at DATETIME NOT NULL, 
	ended_at DATETIME, 
	last_seq INTEGER NOT NULL, 
	CONSTRAINT pk_rooms PRIMARY KEY (id)
);
INSERT INTO "rooms" VALUES(1,10,20,30,'2026-11-24 04:07:44.449905',NULL,3);
INSERT INTO "rooms" VALUES(2,10,21,NULL,'2026-11-24 04:07:44.462061','2026-11-24 04:07:44.462659',2);
CREATE TABLE webhooks (
	channel_id BIGINT NOT NULL, 
	webhook_id BIGINT NOT NULL, 
	token TEXT NOT NULL, 
	CONSTRAINT pk_webhooks PRIMARY KEY (channel_id)
);
INSERT INTO "webhooks" VALUES(20,40,'token');
CREATE UNIQUE INDEX ix_rooms_unended ON rooms (channel_id) WHERE ended_at IS NULL;
CREATE INDEX ix_posts_room_id_message_id ON posts (room_id, message_id);
COMMIT;
