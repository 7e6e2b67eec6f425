<?php
// This file is part of Stewardpath for Moodle (local_stewardpath), which is free software: you may
// redistribute and change it under the terms of the GNU General Public License as published by the
// Free Software Foundation, version 3 or any later one. It comes without any warranty.
// The licence: <https://www.gnu.org/licenses/gpl-3.0.html>.

/**
 * The question bank of a course.
 *
 * @package    local_stewardpath
 * @copyright  2026 The Stewardpath authors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */

namespace local_stewardpath;

use core_question\category_manager;
use core_question\local\bank\question_bank_helper;

/**
 * Finds the question bank of a course, its categories and its managed questions.
 */
class course_bank {
    /**
     * The context that holds a course's questions. Moodle 5 keeps them in a question bank activity, 4.5 in the course
     * itself. This checks for the feature, not for the version.
     *
     * @param \stdClass $course
     * @return \context
     */
    public static function context(\stdClass $course): \context {
        $helper = question_bank_helper::class;
        if (class_exists($helper) && method_exists($helper, 'get_default_open_instance_system_type')) {
            return $helper::get_default_open_instance_system_type($course, true)->context;
        }
        return \context_course::instance($course->id);
    }

    /**
     * Find the category with an idnumber; create it under the bank's top category if it is missing.
     *
     * @param \stdClass $course
     * @param string $idnumber
     * @param string $name
     * @return \stdClass the question_categories record
     */
    public static function category(\stdClass $course, string $idnumber, string $name): \stdClass {
        global $CFG, $DB;
        require_once($CFG->libdir . '/questionlib.php');
        $found = self::find_category($course, $idnumber);
        if ($found) {
            return $found;
        }
        $context = self::context($course);
        $top = question_get_top_category($context->id, true);
        $label = names::cut(trim($name) !== '' ? $name : $idnumber);
        $id = (new category_manager())->add_category("$top->id,$context->id", $label, '', FORMAT_HTML, $idnumber);
        return $DB->get_record('question_categories', ['id' => $id], '*', MUST_EXIST);
    }

    /**
     * Find the category with an idnumber anywhere in the course.
     *
     * @param \stdClass $course
     * @param string $idnumber
     * @return \stdClass|null the question_categories record
     */
    public static function find_category(\stdClass $course, string $idnumber): ?\stdClass {
        global $DB;
        [$within, $params] = self::sql_within($course);
        $sql = "SELECT qc.*
                  FROM {question_categories} qc
                  JOIN {context} ctx ON ctx.id = qc.contextid
                 WHERE $within AND qc.idnumber = :idnumber
              ORDER BY qc.id";
        $found = $DB->get_records_sql($sql, $params + ['idnumber' => $idnumber], 0, 1);
        return reset($found) ?: null;
    }

    /**
     * The latest version of each managed question in a course.
     *
     * @param \stdClass $course
     * @return array question idnumber => {entryid, idnumber, questionid, version, status, hash, category, categoryid};
     *         if two questions have the same idnumber, the older one
     */
    public static function latest(\stdClass $course): array {
        [$begins, $params] = ownership::sql_begins('e.idnumber');
        return self::fetch_latest($course, $begins, $params);
    }

    /**
     * The latest version of the questions with these idnumbers, in the given order.
     *
     * @param \stdClass $course
     * @param string[] $idnumbers
     * @return array as from latest()
     * @throws problem notmanaged, unknownquestion, questiontwice
     */
    public static function require_entries(\stdClass $course, array $idnumbers): array {
        global $DB;
        if (!$idnumbers) {
            return [];
        }
        [$in, $params] = $DB->get_in_or_equal($idnumbers, SQL_PARAMS_NAMED, 'q');
        $found = self::fetch_latest($course, "e.idnumber $in", $params);
        $entries = [];
        foreach ($idnumbers as $idnumber) {
            ownership::require_managed($idnumber);
            if (!isset($found[$idnumber])) {
                throw new problem('unknownquestion', ['idnumber' => $idnumber, 'courseid' => $course->id]);
            }
            if (isset($entries[$idnumber])) {
                throw new problem('questiontwice', $idnumber);
            }
            $entries[$idnumber] = $found[$idnumber];
        }
        return $entries;
    }

    /**
     * Fetch the latest versions of the bank entries (e) that meet a condition, in one query.
     *
     * @param \stdClass $course
     * @param string $condition
     * @param array $params
     * @return array as from latest()
     */
    private static function fetch_latest(\stdClass $course, string $condition, array $params): array {
        global $DB;
        [$within, $withinparams] = self::sql_within($course);
        $sql = "SELECT e.id AS entryid, e.idnumber, v.questionid, v.version, v.status, h.hash,
                       qc.idnumber AS category, qc.id AS categoryid
                  FROM {question_bank_entries} e
                  JOIN {question_categories} qc ON qc.id = e.questioncategoryid
                  JOIN {context} ctx ON ctx.id = qc.contextid
                  JOIN {question_versions} v ON v.questionbankentryid = e.id
             LEFT JOIN {question_versions} newer ON newer.questionbankentryid = e.id AND newer.version > v.version
             LEFT JOIN {local_stewardpath_question} h ON h.questionid = v.questionid
                 WHERE newer.id IS NULL AND $within AND $condition
              ORDER BY e.id";
        $latest = [];
        foreach ($DB->get_records_sql($sql, $params + $withinparams) as $version) {
            $latest[$version->idnumber] ??= $version;
        }
        return $latest;
    }

    /**
     * SQL condition: the context (ctx) is the course or an activity in it.
     *
     * @param \stdClass $course
     * @return array [string condition, array parameters]
     */
    private static function sql_within(\stdClass $course): array {
        global $DB;
        $context = \context_course::instance($course->id);
        $below = $DB->sql_like('ctx.path', ':coursepath');
        return [
            "(ctx.id = :coursecontext OR $below)",
            ['coursecontext' => $context->id, 'coursepath' => $DB->sql_like_escape($context->path . '/') . '%'],
        ];
    }
}
