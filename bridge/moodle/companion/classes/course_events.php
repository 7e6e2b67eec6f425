<?php
// This file is part of Stewardpath for Moodle (local_stewardpath), which is free software: you may
// redistribute and change it under the terms of the GNU General Public License as published by the
// Free Software Foundation, version 3 or any later one. It comes without any warranty.
// The licence: <https://www.gnu.org/licenses/gpl-3.0.html>.

/**
 * Events of live sessions in the calendars of courses.
 *
 * @package    local_stewardpath
 * @copyright  2026 The Stewardpath authors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */

namespace local_stewardpath;

/**
 * Moodle's web services can't change an event, and don't know which one was made by an earlier call. This class
 * finds it by its uuid.
 */
class course_events {
    /**
     * Create or update an event.
     *
     * @param int $courseid
     * @param string $uuid
     * @param array $values {name, description, timestart, timeduration}
     * @return array {id, action}
     * @throws problem notmanaged, idnumbertoolong, noname
     */
    public static function save(int $courseid, string $uuid, array $values): array {
        global $CFG;
        require_once($CFG->dirroot . '/calendar/lib.php');
        ownership::require_managed($uuid);
        if (trim($values['name']) === '') {
            throw new problem('noname');
        }
        $values += ['format' => FORMAT_HTML, 'visible' => 1];
        $known = self::find($courseid, $uuid);
        if (!$known) {
            return outcome::created(self::create($courseid, $uuid, $values));
        }
        $differs = fn($value, $name) => (string) $known->$name !== (string) $value;
        $changed = array_filter($values, $differs, ARRAY_FILTER_USE_BOTH);
        if ($changed) {
            \calendar_event::load($known)->update((object) $changed, false);
        }
        return outcome::existing($known->id, (bool) $changed);
    }

    /**
     * Delete the events with a uuid.
     *
     * @param int $courseid
     * @param string $uuid
     * @return int how many there were
     * @throws problem notmanaged, idnumbertoolong
     */
    public static function delete(int $courseid, string $uuid): int {
        global $CFG, $DB;
        require_once($CFG->dirroot . '/calendar/lib.php');
        ownership::require_managed($uuid);
        $events = $DB->get_records('event', ['courseid' => $courseid, 'uuid' => $uuid, 'eventtype' => 'course']);
        foreach ($events as $event) {
            \calendar_event::load($event)->delete(false);
        }
        return count($events);
    }

    /**
     * The event with this uuid.
     *
     * @param int $courseid
     * @param string $uuid
     * @return \stdClass|null
     */
    private static function find(int $courseid, string $uuid): ?\stdClass {
        global $DB;
        $mine = ['courseid' => $courseid, 'uuid' => $uuid, 'eventtype' => 'course'];
        return current($DB->get_records('event', $mine, 'id', '*', 0, 1)) ?: null;
    }

    /**
     * Create an event.
     *
     * @param int $courseid
     * @param string $uuid
     * @param array $values
     * @return int its id
     */
    private static function create(int $courseid, string $uuid, array $values): int {
        global $USER;
        $event = \calendar_event::create((object) ($values + [
            'courseid' => $courseid,
            'groupid' => 0,
            'userid' => $USER->id,
            'modulename' => '',
            'instance' => 0,
            'eventtype' => 'course',
            'repeat' => 0,
            'uuid' => $uuid,
        ]), false);
        return (int) $event->id;
    }
}
