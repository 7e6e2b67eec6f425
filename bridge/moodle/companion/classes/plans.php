<?php
// This file is part of Stewardpath for Moodle (local_stewardpath), which is free software: you may
// redistribute and change it under the terms of the GNU General Public License as published by the
// Free Software Foundation, version 3 or any later one. It comes without any warranty.
// The licence: <https://www.gnu.org/licenses/gpl-3.0.html>.

/**
 * Learning plans made from a template.
 *
 * @package    local_stewardpath
 * @copyright  2026 The Stewardpath authors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */

namespace local_stewardpath;

use core_competency\api;
use core_competency\plan;

/**
 * Moodle's web services can't create a plan from a template. This class can, so a change of the template
 * changes every member's plan.
 */
class plans {
    /**
     * Create a member's plan from a template, if there is none yet.
     *
     * @param int $userid
     * @param int $templateid
     * @return array {id, action}
     * @throws problem unknownuser, unknowntemplate
     */
    public static function save(int $userid, int $templateid): array {
        global $DB;
        if (!$DB->record_exists('user', ['id' => $userid, 'deleted' => 0])) {
            throw new problem('unknownuser', $userid);
        }
        if (!$DB->record_exists('competency_template', ['id' => $templateid])) {
            throw new problem('unknowntemplate', $templateid);
        }
        $plan = api::create_plan_from_template($templateid, $userid);
        if ($plan) {
            return outcome::created($plan->get('id'));
        }
        $existing = plan::get_record(['templateid' => $templateid, 'userid' => $userid]);
        return outcome::existing($existing->get('id'), false);
    }
}
