-- +goose Up
-- Key days of the year, around which is educated. Root 0 is what ships; a city that changes the list has all its entries of its own.
CREATE TABLE campaign_day (
  root BIGINT NOT NULL,
  code TEXT NOT NULL,
  zh TEXT NOT NULL,
  en TEXT NOT NULL,
  rule TEXT NOT NULL,           -- 07-01, lunar:09-09, or term: and a solar term
  before INTEGER NOT NULL,      -- so many days before one is reminded; 0 = never
  PRIMARY KEY (root, code)
) /*without rowid*/;
INSERT INTO campaign_day (root, code, zh, en, rule, before) VALUES
  (0, 'lei_feng', '学雷锋纪念日', 'Lei Feng Day', '03-05', 0),
  (0, 'qingming', '清明节', 'Qingming Festival', 'term:清明', 0),
  (0, 'security', '全民国家安全教育日', 'National Security Education Day', '04-15', 0),
  (0, 'youth', '五四青年节', 'Youth Day', '05-04', 0),
  (0, 'children', '六一儿童节', 'Children’s Day', '06-01', 0),
  (0, 'drugs', '国际禁毒日', 'Day against Drug Abuse', '06-26', 0),
  (0, 'party', '七一建党节', 'Founding of the Party', '07-01', 0),
  (0, 'army', '八一建军节', 'Army Day', '08-01', 0),
  (0, 'victory', '抗战胜利纪念日', 'Victory Day', '09-03', 0),
  (0, 'martyrs', '烈士纪念日', 'Martyrs’ Day', '09-30', 0),
  (0, 'nation', '十一国庆节', 'National Day', '10-01', 0),
  (0, 'elders', '重阳节', 'Double Ninth Festival', 'lunar:09-09', 0),
  (0, 'constitution', '国家宪法日', 'Constitution Day', '12-04', 0),
  (0, 'memorial', '国家公祭日', 'National Memorial Day', '12-13', 0);
