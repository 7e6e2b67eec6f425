<?php
// This file is part of Stewardpath for Moodle (local_stewardpath), which is free software: you may
// redistribute and change it under the terms of the GNU General Public License as published by the
// Free Software Foundation, version 3 or any later one. It comes without any warranty.
// The licence: <https://www.gnu.org/licenses/gpl-3.0.html>.

/**
 * Moodle's own email about an enrolment.
 *
 * @package    local_stewardpath
 * @copyright  2026 The Stewardpath authors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */

namespace local_stewardpath;

use core\event\base;

/**
 * Moodle 4.5 welcomes everyone who is enrolled by hand. In managed courses it doesn't: Stewardpath sends its own email.
 */
class course_welcome {
    /** @var int the value of ENROL_DO_NOT_SEND_EMAIL in lib/enrollib.php. */
    private const NO_EMAIL = 0;

    /**
     * An enrolment method was added to a course.
     *
     * @param base $event
     */
    public static function method_added(base $event): void {
        if ($event->other['enrol'] === 'manual') {
            self::turn_off((int) $event->courseid);
        }
    }

    /**
     * Turn the email off in all managed courses, or in one if it is managed.
     *
     * @param int|null $courseid
     */
    public static function turn_off(?int $courseid = null): void {
        global $DB;
        [$managed, $params] = ownership::sql_begins('idnumber');
        $select = "enrol = :manual AND courseid IN (SELECT id FROM {course} WHERE $managed)";
        if ($courseid !== null) {
            $select .= ' AND courseid = :courseid';
            $params['courseid'] = $courseid;
        }
        $DB->set_field_select('enrol', 'customint1', self::NO_EMAIL, $select, $params + ['manual' => 'manual']);
    }
}
