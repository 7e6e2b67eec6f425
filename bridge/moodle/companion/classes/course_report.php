<?php
// This file is part of Stewardpath for Moodle (local_stewardpath), which is free software: you may
// redistribute and change it under the terms of the GNU General Public License as published by the
// Free Software Foundation, version 3 or any later one. It comes without any warranty.
// The licence: <https://www.gnu.org/licenses/gpl-3.0.html>.

/**
 * Reports the managed content of one course.
 *
 * @package    local_stewardpath
 * @copyright  2026 The Stewardpath authors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */

namespace local_stewardpath;

/**
 * Reads the state of a course in a few queries, regardless of the number of activities.
 */
class course_report {
    /** @var string the columns of a course. */
    public const COURSE_COLUMNS = 'id, idnumber, category, fullname, shortname, summary, visible, enablecompletion, lang';

    /** @var array section id => ids of its course modules, in order. */
    private array $sequences = [];

    /**
     * Report on one course.
     *
     * @param \stdClass $course
     */
    public function __construct(
        /** @var \stdClass the course. */
        private readonly \stdClass $course,
    ) {
    }

    /**
     * The whole report.
     *
     * @return array as external\get_course_state returns it
     */
    public function read(): array {
        $sections = $this->sections();
        return [
            'course' => $this->course,
            'sections' => array_values(array_filter($sections, fn($section) => $section->idnumber !== null)),
            'activities' => $this->activities($sections),
            'questions' => $this->questions(),
        ];
    }

    /**
     * All sections by id, in order; idnumber is null for unmanaged sections.
     *
     * @return \stdClass[]
     */
    private function sections(): array {
        global $DB;
        $sql = "SELECT s.id, s.section AS number, m.idnumber, s.name, s.summary, s.visible, s.sequence
                  FROM {course_sections} s
             LEFT JOIN {local_stewardpath_section} m ON m.sectionid = s.id
                 WHERE s.course = :course
              ORDER BY s.section";
        $sections = $DB->get_records_sql($sql, ['course' => $this->course->id]);
        foreach ($sections as $section) {
            $this->sequences[$section->id] = array_filter(explode(',', (string) $section->sequence));
            $section->name = (string) $section->name;
        }
        $files = text_images::report('course', 'section', CONTEXT_COURSE, [$this->course->id])[$this->course->id] ?? [];
        foreach ($sections as $section) {
            $section->files = $files[$section->id] ?? [];
        }
        return $sections;
    }

    /**
     * Managed activities, section by section, in order.
     *
     * @param \stdClass[] $sections
     * @return array
     */
    private function activities(array $sections): array {
        $rows = $this->activity_rows();
        $quizzes = $this->quizzes(array_filter($rows, fn($row) => $row->modname === 'quiz'));
        $files = $this->files($rows);
        $activities = [];
        foreach ($this->sequences as $sectionid => $cmids) {
            $position = 0;
            foreach ($cmids as $cmid) {
                if (isset($rows[$cmid])) {
                    $activities[] = $this->activity($rows[$cmid], $sections[$sectionid], $position++, $quizzes[$cmid] ?? null)
                        + ['files' => $files[$cmid] ?? []];
                }
            }
        }
        return $activities;
    }

    /**
     * One activity.
     *
     * @param \stdClass $row
     * @param \stdClass $section
     * @param int $position
     * @param array|null $quiz
     * @return array
     */
    private function activity(\stdClass $row, \stdClass $section, int $position, ?array $quiz): array {
        $activity = [
            'sectionidnumber' => (string) $section->idnumber,
            'position' => $position,
            'visible' => visibility::of_activity((bool) $section->visible, $row),
            'content' => (string) $row->content,
            'intro' => (string) $row->intro,
            'name' => (string) $row->name,
        ] + (array) $row;
        return $quiz ? $activity + ['quiz' => $quiz] : $activity;
    }

    /**
     * The rows of all managed activities.
     *
     * @return \stdClass[] by course module id
     */
    private function activity_rows(): array {
        global $DB;
        [$begins, $params] = ownership::sql_begins('cm.idnumber');
        $sql = "SELECT cm.id AS cmid, cm.idnumber, cm.instance, cm.visible, cm.visibleold, cm.completion, cm.completionview,
                       cm.completionpassgrade, cm.completiongradeitemnumber, m.name AS modname,
                       COALESCE(p.name, u.name, q.name) AS name, COALESCE(p.intro, u.intro, q.intro) AS intro,
                       COALESCE(p.content, u.externalurl) AS content
                  FROM {course_modules} cm
                  JOIN {modules} m ON m.id = cm.module
             LEFT JOIN {page} p ON p.id = cm.instance AND m.name = 'page'
             LEFT JOIN {url} u ON u.id = cm.instance AND m.name = 'url'
             LEFT JOIN {quiz} q ON q.id = cm.instance AND m.name = 'quiz'
                 WHERE cm.course = :course AND cm.deletioninprogress = 0 AND $begins
                       AND m.name IN ('page', 'url', 'quiz')";
        return $DB->get_records_sql($sql, $params + ['course' => $this->course->id]);
    }

    /**
     * The files of the activities' texts.
     *
     * @param \stdClass[] $rows activity rows by course module id
     * @return array course module id => list of {name, hash}
     */
    private function files(array $rows): array {
        $files = [];
        foreach (activity_writer::TEXT_AREAS as $modname => $area) {
            $cmids = array_keys(array_filter($rows, fn($row) => $row->modname === $modname));
            foreach (text_images::report("mod_$modname", $area, CONTEXT_MODULE, $cmids) as $cmid => $found) {
                $files[$cmid] = $found[0] ?? [];
            }
        }
        return $files;
    }

    /**
     * The settings, attempt counts and questions of the quizzes.
     *
     * @param \stdClass[] $rows activity rows by course module id
     * @return array by course module id
     */
    private function quizzes(array $rows): array {
        if (!$rows) {
            return [];
        }
        $reader = new quiz_report(array_column($rows, 'instance'));
        return array_map(fn($row) => [
            'completionpassgrade' => (bool) $row->completionpassgrade,
            'completionusegrade' => $row->completiongradeitemnumber !== null,
        ] + $reader->of((int) $row->instance), $rows);
    }

    /**
     * The latest version of each managed question.
     *
     * @return array
     */
    private function questions(): array {
        return array_map(fn($version) => [
            'idnumber' => $version->idnumber,
            'questionid' => $version->questionid,
            'version' => $version->version,
            'hash' => (string) $version->hash,
            'category' => (string) $version->category,
            'status' => $version->status,
        ], array_values(course_bank::latest($this->course)));
    }
}
