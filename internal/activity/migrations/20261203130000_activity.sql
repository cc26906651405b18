-- +goose Up
-- Songs and films are kinds of their own beside shows, essays and quizzes. A city that has changed the list keeps its own.
UPDATE activity_choice SET ord = ord + 2 WHERE root = 0 AND list = 'type' AND ord > 5;
INSERT INTO activity_choice (root, list, code, zh, en, parent, minor, ord) VALUES
  (0, 'type', 'song', '爱国歌曲演唱', 'Patriotic songs', 'culture', 0, 6),
  (0, 'type', 'film', '观看红色影片', 'Watching red films', 'culture', 0, 7);
