<?php
// This file is part of Stewardpath for Moodle (local_stewardpath), which is free software: you may
// redistribute and change it under the terms of the GNU General Public License as published by the
// Free Software Foundation, version 3 or any later one. It comes without any warranty.
// The licence: <https://www.gnu.org/licenses/gpl-3.0.html>.

/**
 * Turns Moodle's events into rows of the change feed.
 *
 * @package    local_stewardpath
 * @copyright  2026 The Stewardpath authors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */

namespace local_stewardpath;

use core\event\base;

/**
 * Moodle calls this for the events in db/events.php, inside the transaction of the event: both are stored, or neither.
 */
class observer {
    /**
     * A user's completion of an activity changed.
     *
     * @param base $event
     */
    public static function completion_updated(base $event): void {
        $about = self::activity_of($event);
        if (!$about) {
            return;
        }
        $userid = (int) $event->relateduserid;
        change_feed::add(change_feed::COMPLETION, $userid, [
            'state' => (int) $event->other['completionstate'],
            'grade' => $about['modname'] === 'quiz' ? self::grade_of($about, $userid) : null,
        ] + self::columns_of($about));
    }

    /**
     * A user finished an attempt at a quiz.
     *
     * @param base $event
     */
    public static function attempt_finished(base $event): void {
        global $DB;
        $about = self::activity_of($event);
        $attempt = $about ? $DB->get_record('quiz_attempts', ['id' => $event->objectid]) : null;
        if (!$attempt || $attempt->preview) {
            return;
        }
        $worth = (float) $DB->get_field('quiz', 'sumgrades', ['id' => $attempt->quiz]);
        $graded = $attempt->sumgrades !== null && $worth > 0;
        change_feed::add(change_feed::ATTEMPT, (int) $attempt->userid, [
            'state' => (int) $attempt->attempt,
            'grade' => $graded ? $attempt->sumgrades / $worth * 100 : null,
        ] + self::columns_of($about));
    }

    /**
     * A user account was created.
     *
     * @param base $event
     */
    public static function user_created(base $event): void {
        registrations::created((int) $event->objectid);
    }

    /**
     * A user account was changed.
     *
     * @param base $event
     */
    public static function user_updated(base $event): void {
        registrations::seen((int) $event->objectid);
        change_feed::add(change_feed::USER_UPDATED, (int) $event->objectid);
    }

    /**
     * A user account was deleted.
     *
     * @param base $event
     */
    public static function user_deleted(base $event): void {
        change_feed::add(change_feed::USER_DELETED, (int) $event->objectid);
    }

    /**
     * A user logged in, perhaps for the first time since their email was confirmed.
     *
     * @param base $event
     */
    public static function user_loggedin(base $event): void {
        registrations::seen((int) $event->objectid);
    }

    /**
     * A user's enrolment in a course was deleted.
     *
     * @param base $event
     */
    public static function enrolment_deleted(base $event): void {
        $course = self::course_of($event);
        if ($course && !empty($event->other['userenrolment']['lastenrol'])) {
            change_feed::add(change_feed::ENROLMENT_DELETED, (int) $event->relateduserid, $course);
        }
    }

    /**
     * A course was reset. Moodle sends no event for each completion then.
     *
     * @param base $event
     */
    public static function course_reset(base $event): void {
        $course = self::course_of($event);
        if ($course) {
            change_feed::add(change_feed::COURSE_RESET, 0, $course);
        }
    }

    /**
     * A section was deleted, so its idnumber can be used again.
     *
     * @param base $event
     */
    public static function section_deleted(base $event): void {
        sections::forget((int) $event->objectid);
    }

    /**
     * A course was deleted with all its sections. Moodle sends no separate events for the sections.
     *
     * @param base $event
     */
    public static function course_deleted(base $event): void {
        sections::forget_course($event->objectid);
    }

    /**
     * A badge was deleted, so its idnumber can be used again.
     *
     * @param base $event
     */
    public static function badge_deleted(base $event): void {
        badges::forget((int) $event->objectid);
    }

    /**
     * The managed course of an event.
     *
     * @param base $event
     * @return array|null {courseid, courseidnumber}
     */
    private static function course_of(base $event): ?array {
        global $DB;
        $idnumber = $DB->get_field('course', 'idnumber', ['id' => $event->courseid]);
        if (!ownership::is_managed((string) $idnumber)) {
            return null;
        }
        return ['courseid' => (int) $event->courseid, 'courseidnumber' => $idnumber];
    }

    /**
     * The managed activity of an event. A copy of a managed course has activities with managed idnumbers, but is
     * not managed itself.
     *
     * @param base $event
     * @return array|null {courseid, courseidnumber, cmid, idnumber, modname, instance}
     */
    private static function activity_of(base $event): ?array {
        global $DB;
        $sql = "SELECT cm.id AS cmid, cm.idnumber, cm.instance, m.name AS modname,
                       c.id AS courseid, c.idnumber AS courseidnumber
                  FROM {course_modules} cm
                  JOIN {modules} m ON m.id = cm.module
                  JOIN {course} c ON c.id = cm.course
                 WHERE cm.id = :cmid";
        $found = $DB->get_record_sql($sql, ['cmid' => $event->contextinstanceid]);
        $managed = $found && ownership::is_managed($found->idnumber) && ownership::is_managed($found->courseidnumber);
        return $managed ? (array) $found : null;
    }

    /**
     * The columns of a feed row about an activity.
     *
     * @param array $about
     * @return array
     */
    private static function columns_of(array $about): array {
        return array_diff_key($about, ['modname' => true, 'instance' => true]);
    }

    /**
     * A user's grade in a quiz.
     *
     * @param array $about
     * @param int $userid
     * @return float|null per cent
     */
    private static function grade_of(array $about, int $userid): ?float {
        global $DB;
        $sql = "SELECT g.finalgrade, i.grademax
                  FROM {grade_items} i
                  JOIN {grade_grades} g ON g.itemid = i.id AND g.userid = :userid
                 WHERE i.itemtype = 'mod' AND i.itemmodule = 'quiz' AND i.itemnumber = 0
                       AND i.iteminstance = :instance AND i.courseid = :courseid";
        $params = ['userid' => $userid, 'instance' => $about['instance'], 'courseid' => $about['courseid']];
        $grade = $DB->get_record_sql($sql, $params);
        $known = $grade && $grade->finalgrade !== null && $grade->grademax > 0;
        return $known ? $grade->finalgrade / $grade->grademax * 100 : null;
    }
}
