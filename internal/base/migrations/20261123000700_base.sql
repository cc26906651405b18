-- +goose Up
-- What lists filter by; the record itself is a version in record_version.
CREATE TABLE base_base (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  pos BIGINT NOT NULL,          -- the host's place today
  host BIGINT NOT NULL REFERENCES org_unit (id),
  code TEXT NOT NULL,
  name TEXT NOT NULL,
  category TEXT NOT NULL,
  run_mode TEXT NOT NULL,
  top_level TEXT NOT NULL,
  plaques BIGINT NOT NULL,
  first_granted TEXT NOT NULL,
  last_granted TEXT NOT NULL,
  met BIGINT NOT NULL,
  gaps BIGINT NOT NULL,
  passed BIGINT NOT NULL,
  agreement_end TEXT NOT NULL,
  check_due TEXT NOT NULL,
  PRIMARY KEY (root, id)
);
CREATE UNIQUE INDEX base_base_code ON base_base (root, code);
CREATE INDEX base_base_pos ON base_base (pos, last_granted);
CREATE INDEX base_base_host ON base_base (host);
-- The days on which a plaque holds: ends_on is the earlier of its own end and the agreement's.
CREATE TABLE base_accreditation (
  root BIGINT NOT NULL,
  base BIGINT NOT NULL,
  n BIGINT NOT NULL,
  granted_on TEXT NOT NULL,
  ends_on TEXT NOT NULL,
  PRIMARY KEY (root, base, n)
) /*without rowid*/;
-- Root 0 is what ships; a city that changes anything has rows of its own.
CREATE TABLE base_category (
  root BIGINT NOT NULL,
  name TEXT NOT NULL,
  en TEXT NOT NULL,
  aliases TEXT NOT NULL,
  ord BIGINT NOT NULL,
  PRIMARY KEY (root, name)
) /*without rowid*/;
CREATE TABLE base_standard (
  root BIGINT NOT NULL,
  code TEXT NOT NULL,
  name TEXT NOT NULL,
  text TEXT NOT NULL,
  ord BIGINT NOT NULL,
  PRIMARY KEY (root, code)
) /*without rowid*/;
INSERT INTO base_category (root, name, en, aliases, ord) VALUES
  (0, '爱国主义', 'Patriotism', '爱国主义教育、红色教育', 1),
  (0, '劳动技能', 'Work and skills', '劳动教育、劳动实践', 2),
  (0, '法治', 'Law', '法制、法治教育、法制教育', 3),
  (0, '科普知识', 'Science', '科普、科普教育', 4),
  (0, '心理健康', 'Mental health', '心理、心理健康教育', 5),
  (0, '国防', 'Defence', '国防教育', 6),
  (0, '生态环保', 'Nature', '生态、环保、生态文明', 7);
INSERT INTO base_standard (root, code, name, text, ord) VALUES
  (0, 'plaque', '有牌子', '牌子挂在入口，与授牌文件一致', 1),
  (0, 'place', '有场地', '场地、座位和通道容得下来的人', 2),
  (0, 'staff', '有队伍', '讲解员、辅导员有名单，有分工', 3),
  (0, 'rules', '有制度', '安全、接待、值班都有制度', 4),
  (0, 'plan', '有计划', '一年的活动年初排好', 5),
  (0, 'events', '有活动', '活动场场有记录', 6),
  (0, 'files', '有档案', '照片、签到和意见归档', 7);
