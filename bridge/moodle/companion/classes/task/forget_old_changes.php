<?php
// This file is part of Stewardpath for Moodle (local_stewardpath), which is free software: you may
// redistribute and change it under the terms of the GNU General Public License as published by the
// Free Software Foundation, version 3 or any later one. It comes without any warranty.
// The licence: <https://www.gnu.org/licenses/gpl-3.0.html>.

/**
 * Nightly cleanup of the change feed and of rows about deleted objects.
 *
 * @package    local_stewardpath
 * @copyright  2026 The Stewardpath authors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */

namespace local_stewardpath\task;

use local_stewardpath\change_feed;
use local_stewardpath\registrations;

/**
 * Runs once a night.
 */
class forget_old_changes extends \core\task\scheduled_task {
    /** @var array the plugin's tables => [column, the Moodle table that it refers to]. */
    private const MIRRORED = [
        'local_stewardpath_section' => ['sectionid', 'course_sections'],
        'local_stewardpath_question' => ['questionid', 'question'],
        'local_stewardpath_badge' => ['badgeid', 'badge'],
    ];

    #[\Override]
    public function get_name(): string {
        return get_string('taskforgetoldchanges', 'local_stewardpath');
    }

    #[\Override]
    public function execute(): void {
        global $DB;
        registrations::report_confirmed();
        change_feed::forget_old();
        foreach (self::MIRRORED as $table => [$column, $original]) {
            $DB->delete_records_select($table, "$column NOT IN (SELECT id FROM {{$original}})");
        }
    }
}
