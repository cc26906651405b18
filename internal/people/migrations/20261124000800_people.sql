-- +goose Up
-- Who a team belongs to when it is not the committee's own, what it counts under, who runs and guides it, and the county
-- team that it is docked to.
ALTER TABLE people_team ADD COLUMN owner TEXT NOT NULL DEFAULT '';
ALTER TABLE people_team ADD COLUMN standard TEXT NOT NULL DEFAULT '';
ALTER TABLE people_team ADD COLUMN run_by TEXT NOT NULL DEFAULT '';
ALTER TABLE people_team ADD COLUMN guided_by BIGINT NOT NULL DEFAULT 0;
ALTER TABLE people_team ADD COLUMN docked TEXT NOT NULL DEFAULT '';
UPDATE people_team SET standard = need;
CREATE INDEX people_team_run_by ON people_team (run_by);
CREATE INDEX people_team_docked ON people_team (docked);

-- The volunteers of a team.
CREATE TABLE people_member (
  root BIGINT NOT NULL,
  team BIGINT NOT NULL,
  n BIGINT NOT NULL,
  volunteer TEXT NOT NULL,
  from_day TEXT NOT NULL,
  to_day TEXT NOT NULL,
  PRIMARY KEY (root, team, n)
) /*without rowid*/;
CREATE INDEX people_member_volunteer ON people_member (volunteer);

-- A city's own need counts under a shipped one; a certified one takes a certificate of each member (R163).
ALTER TABLE people_need ADD COLUMN parent TEXT NOT NULL DEFAULT '';
ALTER TABLE people_need ADD COLUMN certified INTEGER NOT NULL DEFAULT 0;
UPDATE people_need SET certified = 1 WHERE root = 0 AND name = '心理健康';

-- By what a volunteer suits a need: a former profession, or a word in the list of specialities.
CREATE TABLE people_suit (
  need TEXT NOT NULL,
  what TEXT NOT NULL,
  word TEXT NOT NULL,
  ord INTEGER NOT NULL,
  PRIMARY KEY (need, what, word)
) /*without rowid*/;
INSERT INTO people_suit (need, what, word, ord) VALUES
  ('心理健康', 'profession', '心理咨询', 1),
  ('心理健康', 'profession', '医生', 2),
  ('心理健康', 'profession', '护士', 3),
  ('心理健康', 'speciality', '心理', 4),
  ('法治宣讲', 'profession', '法官', 1),
  ('法治宣讲', 'profession', '检察官', 2),
  ('法治宣讲', 'profession', '律师', 3),
  ('法治宣讲', 'profession', '警察', 4),
  ('法治宣讲', 'speciality', '法', 5),
  ('宣讲', 'profession', '党政机关', 1),
  ('宣讲', 'profession', '军人', 2),
  ('宣讲', 'speciality', '宣讲', 3),
  ('宣讲', 'speciality', '党史', 4),
  ('科普', 'profession', '科研技术', 1),
  ('科普', 'speciality', '科', 2),
  ('帮教', 'profession', '警察', 1),
  ('帮教', 'profession', '教师', 2),
  ('帮教', 'speciality', '帮教', 3),
  ('助学', 'profession', '教师', 1),
  ('助学', 'speciality', '辅导', 2),
  ('文艺', 'profession', '文艺体育', 1),
  ('文艺', 'speciality', '音乐', 2),
  ('文艺', 'speciality', '舞蹈', 3),
  ('书画', 'speciality', '书法', 1),
  ('书画', 'speciality', '绘画', 2),
  ('家庭教育', 'profession', '教师', 1),
  ('家庭教育', 'speciality', '家庭', 2),
  ('技能传授', 'profession', '农技', 1),
  ('技能传授', 'profession', '企业职工', 2),
  ('技能传授', 'speciality', '技', 3);
