<?php
// This file is part of Stewardpath for Moodle (local_stewardpath), which is free software: you may
// redistribute and change it under the terms of the GNU General Public License as published by the
// Free Software Foundation, version 3 or any later one. It comes without any warranty.
// The licence: <https://www.gnu.org/licenses/gpl-3.0.html>.

/**
 * Shows and hides courses, sections and activities.
 *
 * @package    local_stewardpath
 * @copyright  2026 The Stewardpath authors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */

namespace local_stewardpath;

use core_courseformat\formatactions;

/**
 * An activity in a hidden section keeps its own visibility until the section is shown again
 * (course_modules.visibleold). This class reads and sets that value, so hiding a section doesn't change its activities.
 */
class visibility {
    /**
     * Whether an activity is visible, regardless of its section.
     *
     * @param bool $sectionvisible
     * @param \stdClass $cm with visible and visibleold
     * @return bool
     */
    public static function of_activity(bool $sectionvisible, \stdClass $cm): bool {
        return (bool) ($sectionvisible || $cm->visible ? $cm->visible : $cm->visibleold);
    }

    /**
     * Show or hide an activity.
     *
     * @param int $cmid
     * @param bool $visible
     * @return bool whether anything was written
     */
    public static function set_activity(int $cmid, bool $visible): bool {
        global $DB;
        $cm = $DB->get_record('course_modules', ['id' => $cmid], '*', MUST_EXIST);
        $sectionvisible = (bool) $DB->get_field('course_sections', 'visible', ['id' => $cm->section], MUST_EXIST);
        if (self::of_activity($sectionvisible, $cm) === $visible) {
            return false;
        }
        if ($sectionvisible || $cm->visible) {
            set_coursemodule_visible($cmid, (int) $visible);
        }
        if (!$sectionvisible) {
            $DB->set_field('course_modules', 'visibleold', (int) $visible, ['id' => $cmid]);
            rebuild_course_cache($cm->course, true);
        }
        return true;
    }

    /**
     * Show or hide a section with its content.
     *
     * @param \stdClass $course
     * @param int $sectionid
     * @param bool $visible
     * @return bool whether anything was written
     */
    public static function set_section(\stdClass $course, int $sectionid, bool $visible): bool {
        $info = get_fast_modinfo($course)->get_section_info_by_id($sectionid, MUST_EXIST);
        if ((bool) $info->visible === $visible) {
            return false;
        }
        formatactions::section($course)->update($info, ['visible' => (int) $visible]);
        return true;
    }

    /**
     * Show or hide a course.
     *
     * @param \stdClass $course
     * @param bool $visible
     * @return bool whether anything was written
     */
    public static function set_course(\stdClass $course, bool $visible): bool {
        if ((bool) $course->visible === $visible) {
            return false;
        }
        course_change_visibility($course->id, $visible);
        return true;
    }
}
