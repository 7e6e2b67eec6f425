<?php
// This file is part of Stewardpath for Moodle (local_stewardpath), which is free software: you may
// redistribute and change it under the terms of the GNU General Public License as published by the
// Free Software Foundation, version 3 or any later one. It comes without any warranty.
// The licence: <https://www.gnu.org/licenses/gpl-3.0.html>.

/**
 * Base of all web service functions.
 *
 * @package    local_stewardpath
 * @copyright  2026 The Stewardpath authors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */

namespace local_stewardpath\external;

use core_external\external_api;
use core_external\external_description;
use core_external\external_multiple_structure;
use core_external\external_single_structure;
use core_external\external_value;
use local_stewardpath\ownership;
use local_stewardpath\problem;

/**
 * Checks capabilities, and describes values that many functions share.
 */
abstract class service_function extends external_api {
    /**
     * Check access to a managed course.
     *
     * @param int $courseid
     * @param string $capability of this plugin, without its prefix
     * @param string[] $stock capabilities that Moodle requires for the same work by hand
     * @return \stdClass the course record
     * @throws problem unknowncourse, notmanaged
     */
    protected static function enter_course(int $courseid, string $capability, array $stock = []): \stdClass {
        global $DB;
        $course = $DB->get_record('course', ['id' => $courseid]);
        if (!$course) {
            throw new problem('unknowncourse', $courseid);
        }
        $context = \context_course::instance($course->id);
        self::validate_context($context);
        foreach (["local/stewardpath:$capability", ...$stock] as $needed) {
            require_capability($needed, $context);
        }
        ownership::require_managed((string) $course->idnumber);
        return $course;
    }

    /**
     * Check access to the site.
     *
     * @param string $capability of this plugin, without its prefix
     * @param string[] $stock capabilities that Moodle requires for the same work by hand
     */
    protected static function enter_site(string $capability, array $stock = []): void {
        $context = \context_system::instance();
        self::validate_context($context);
        foreach (["local/stewardpath:$capability", ...$stock] as $needed) {
            require_capability($needed, $context);
        }
    }

    /**
     * An id.
     *
     * @param string $what
     * @return external_value
     */
    protected static function id(string $what): external_value {
        return new external_value(PARAM_INT, $what);
    }

    /**
     * A text as stored, neither cleaned nor filtered.
     *
     * @param string $what
     * @return external_value
     */
    protected static function text(string $what): external_value {
        return new external_value(PARAM_RAW, $what);
    }

    /**
     * A flag.
     *
     * @param string $what
     * @return external_value
     */
    protected static function flag(string $what): external_value {
        return new external_value(PARAM_BOOL, $what);
    }

    /**
     * Whether members see the object; true by default.
     *
     * @return external_value
     */
    protected static function visible(): external_value {
        return new external_value(PARAM_BOOL, 'Whether members see it', VALUE_DEFAULT, true);
    }

    /**
     * A list parameter. A REST call can't contain an empty list, so a missing list is empty.
     *
     * @param external_description $item
     * @param string $what
     * @return external_multiple_structure
     */
    protected static function list_of(external_description $item, string $what): external_multiple_structure {
        return new external_multiple_structure($item, $what, VALUE_DEFAULT, []);
    }

    /**
     * The images of a text: those it should have. Other files are removed.
     *
     * @return external_multiple_structure
     */
    protected static function files(): external_multiple_structure {
        return self::list_of(new external_single_structure([
            'name' => self::text('Its name in the text, after @@PLUGINFILE@@/'),
            'content' => self::text('PNG, JPEG, GIF or WebP, base64'),
        ]), 'The images that its text shows');
    }

    /**
     * The files of a text, as stored.
     *
     * @return external_multiple_structure
     */
    protected static function stored_files(): external_multiple_structure {
        return new external_multiple_structure(new external_single_structure([
            'name' => self::text('Name'),
            'hash' => new external_value(PARAM_ALPHANUM, 'SHA-1 of its content'),
        ]), 'The files of its text');
    }

    /**
     * A percentage or null.
     *
     * @param string $what
     * @return external_value
     */
    protected static function percent(string $what): external_value {
        return new external_value(PARAM_FLOAT, $what, VALUE_REQUIRED, null, NULL_ALLOWED);
    }

    /**
     * The return value of every function that saves something.
     *
     * @return external_single_structure
     */
    protected static function saved(): external_single_structure {
        return new external_single_structure([
            'id' => self::id("Moodle's id of it; for an activity that of its course module"),
            'action' => new external_value(PARAM_ALPHA, 'created, updated or unchanged'),
        ]);
    }

    /**
     * Check that a number is within limits.
     *
     * @param string $name
     * @param int $value
     * @param int $least
     * @param int $most
     * @throws problem outofbounds
     */
    protected static function require_between(string $name, int $value, int $least, int $most): void {
        if ($value < $least || $value > $most) {
            throw new problem('outofbounds', compact('name', 'value', 'least', 'most'));
        }
    }

    /**
     * The capabilities for one kind of object.
     *
     * @param string $kind
     * @param array $kinds kind => capabilities
     * @return string[]
     * @throws problem unknownkind
     */
    protected static function require_kind(string $kind, array $kinds): array {
        if (!isset($kinds[$kind])) {
            throw new problem('unknownkind', ['kind' => $kind, 'kinds' => implode(', ', array_keys($kinds))]);
        }
        return $kinds[$kind];
    }
}
