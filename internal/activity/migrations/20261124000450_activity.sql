-- +goose Up
-- What lists show and filter by; the record itself is a version in record_version.
CREATE TABLE activity_activity (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  lead BIGINT NOT NULL REFERENCES org_unit (id),
  code TEXT NOT NULL,
  title TEXT NOT NULL,
  type TEXT NOT NULL,
  class TEXT NOT NULL,
  topic TEXT NOT NULL,
  series TEXT NOT NULL,
  mode TEXT NOT NULL,
  venue TEXT NOT NULL,
  day TEXT NOT NULL,
  last_day TEXT NOT NULL,
  place TEXT NOT NULL,
  heads BIGINT NOT NULL,        -- face to face
  online BIGINT NOT NULL,
  hosts BIGINT NOT NULL,        -- agreed ones
  status TEXT NOT NULL,
  late BIGINT NOT NULL,         -- 1: reported long after its day
  works BIGINT NOT NULL,
  awards BIGINT NOT NULL,
  search TEXT NOT NULL,
  PRIMARY KEY (root, id)
);
CREATE UNIQUE INDEX activity_activity_code ON activity_activity (root, code);
-- Who hosts: lists ask here for scope, place and time, and filter without a look at the activity itself. before_pos is the
-- place of the host before this one by place (-1 for the first): in a subtree that is one range of places, the first host
-- there is the one whose before_pos lies in front of it, so that each activity is listed once.
CREATE TABLE activity_host (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  n BIGINT NOT NULL,
  unit BIGINT NOT NULL REFERENCES org_unit (id),
  pos BIGINT NOT NULL,
  before_pos BIGINT NOT NULL,
  agreed BIGINT NOT NULL,
  day TEXT NOT NULL,
  class TEXT NOT NULL,
  topic TEXT NOT NULL,
  series TEXT NOT NULL,
  mode TEXT NOT NULL,
  venue TEXT NOT NULL,
  status TEXT NOT NULL,
  PRIMARY KEY (root, id, n)
);
CREATE INDEX activity_host_pos ON activity_host (pos, day, agreed, before_pos, class, topic, series, mode, venue, status, root, id);
CREATE INDEX activity_host_unit ON activity_host (unit);
CREATE TABLE activity_stop (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  n BIGINT NOT NULL,
  base_root BIGINT NOT NULL,    -- 0: no base of ours
  base BIGINT NOT NULL,
  day TEXT NOT NULL,
  PRIMARY KEY (root, id, n)
) /*without rowid*/;
CREATE INDEX activity_stop_base ON activity_stop (base_root, base, day);
CREATE TABLE activity_theme (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  campaign_root BIGINT NOT NULL,
  campaign BIGINT NOT NULL,
  PRIMARY KEY (root, id, campaign_root, campaign)
) /*without rowid*/;
CREATE INDEX activity_theme_campaign ON activity_theme (campaign_root, campaign);
-- Pictures by their content, so that one picture under two activities is seen.
CREATE TABLE activity_photo (
  root BIGINT NOT NULL,
  id BIGINT NOT NULL,
  hash TEXT NOT NULL,
  PRIMARY KEY (root, id, hash)
) /*without rowid*/;
CREATE INDEX activity_photo_hash ON activity_photo (hash);
-- Root 0 is what ships; a city that changes a list has all its entries of its own.
CREATE TABLE activity_choice (
  root BIGINT NOT NULL,
  list TEXT NOT NULL,
  code TEXT NOT NULL,
  zh TEXT NOT NULL,
  en TEXT NOT NULL,
  parent TEXT NOT NULL,
  minor BIGINT NOT NULL,
  ord BIGINT NOT NULL,
  PRIMARY KEY (root, list, code)
) /*without rowid*/;
CREATE TABLE activity_limit (
  root BIGINT NOT NULL,
  minors BIGINT NOT NULL,
  camp_ratio BIGINT NOT NULL,
  PRIMARY KEY (root)
) /*without rowid*/;
INSERT INTO activity_limit (root, minors, camp_ratio) VALUES (0, 100, 15);
INSERT INTO activity_choice (root, list, code, zh, en, parent, minor, ord) VALUES
  (0, 'type', 'lecture', '主题宣讲', 'Lecture', 'lecture', 0, 1),
  (0, 'type', 'talk', '报告会、座谈会', 'Talk or forum', 'lecture', 0, 2),
  (0, 'type', 'practice', '实践活动', 'Practice', 'practice', 0, 3),
  (0, 'type', 'study_tour', '参观体验', 'Study tour', 'practice', 0, 4),
  (0, 'type', 'show', '文艺演出', 'Show', 'culture', 0, 5),
  (0, 'type', 'reading', '读书征文', 'Reading and essays', 'culture', 0, 6),
  (0, 'type', 'training', '技能培训', 'Skills training', 'training', 0, 7),
  (0, 'type', 'course', '学习班', 'Study course', 'training', 0, 8),
  (0, 'type', 'contest', '技能竞赛', 'Skills contest', 'contest', 0, 9),
  (0, 'type', 'quiz', '知识竞赛', 'Quiz', 'contest', 0, 10),
  (0, 'type', 'visit', '走访慰问', 'Comfort visit', 'visit', 0, 11),
  (0, 'type', 'camp', '夏（冬）令营', 'Camp', 'camp', 0, 12),
  (0, 'topic', 'ideology', '思想道德', 'Morals', '', 0, 1),
  (0, 'topic', 'patriotism', '爱国主义', 'Patriotism', '', 0, 2),
  (0, 'topic', 'party_history', '党史国史', 'Party and national history', '', 0, 3),
  (0, 'topic', 'law', '法治', 'Law', '', 0, 4),
  (0, 'topic', 'science', '科学', 'Science', '', 0, 5),
  (0, 'topic', 'labour', '劳动技能', 'Work and skills', '', 0, 6),
  (0, 'topic', 'mind', '心理健康', 'Mental health', '', 0, 7),
  (0, 'topic', 'family', '家庭教育', 'Family', '', 0, 8),
  (0, 'topic', 'safety', '安全自护', 'Safety', '', 0, 9),
  (0, 'topic', 'other', '其他', 'Other', '', 0, 10),
  (0, 'series', 'learn_culture', '学文化', 'Learning culture', 'enterprise', 0, 1),
  (0, 'series', 'learn_skills', '学技能', 'Learning skills', 'enterprise', 0, 2),
  (0, 'series', 'learn_management', '学管理', 'Learning management', 'enterprise', 0, 3),
  (0, 'series', 'village_skills', '学技能（农村）', 'Learning skills (villages)', 'village', 0, 4),
  (0, 'series', 'village_business', '创新业', 'Starting a business', 'village', 0, 5),
  (0, 'series', 'village_newcomers', '育新人', 'Raising newcomers', 'village', 0, 6),
  (0, 'group', 'primary', '小学生', 'Primary pupils', '', 1, 1),
  (0, 'group', 'junior', '初中生', 'Junior secondary pupils', '', 1, 2),
  (0, 'group', 'senior', '高中生、中职生', 'Senior secondary pupils', '', 1, 3),
  (0, 'group', 'kindergarten', '学龄前儿童', 'Preschool children', '', 1, 4),
  (0, 'group', 'left_behind', '留守儿童', 'Children left behind', '', 1, 5),
  (0, 'group', 'hardship', '困境儿童', 'Children in hardship', '', 1, 6),
  (0, 'group', 'student', '大学生', 'Students', '', 0, 7),
  (0, 'group', 'young_worker', '企业青年', 'Young workers', '', 0, 8),
  (0, 'group', 'young_farmer', '青年农民', 'Young farmers', '', 0, 9),
  (0, 'group', 'parent', '家长', 'Parents', '', 0, 10),
  (0, 'group', 'other', '其他', 'Others', '', 0, 11);
