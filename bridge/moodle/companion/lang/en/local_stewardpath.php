<?php
// This file is part of Stewardpath for Moodle (local_stewardpath), which is free software: you may
// redistribute and change it under the terms of the GNU General Public License as published by the
// Free Software Foundation, version 3 or any later one. It comes without any warranty.
// The licence: <https://www.gnu.org/licenses/gpl-3.0.html>.

/**
 * English texts.
 *
 * @package    local_stewardpath
 * @copyright  2026 The Stewardpath authors
 * @license    https://www.gnu.org/licenses/gpl-3.0.html GNU GPL v3 or later
 */

defined('MOODLE_INTERNAL') || die();

$string['badfile'] = 'The file "{$a->name}" cannot be stored. Send PNG, JPEG, GIF or WebP images of at most {$a->max}, encoded as base64, each with another name.';
$string['badimage'] = 'The image of the badge "{$a->idnumber}" is not a PNG file of at most {$a->max}. Send a PNG file, encoded as base64.';
$string['badlink'] = '"{$a}" is not a link. Enter an address that begins with http:// or https://.';
$string['badpass'] = 'The pass mark {$a} is not valid. Enter a number from 0 to 100 (per cent).';
$string['badquestionxml'] = 'The question "{$a->idnumber}" cannot be imported: {$a->reason}';
$string['busy'] = 'Another call is changing this right now ({$a}). Try again in a minute.';
$string['definitions'] = 'Remove the definitions (DOCTYPE, ENTITY) from the document. They are not accepted.';
$string['flawfraction'] = 'An answer is worth {$a} per cent, which is not a value that Moodle accepts.';
$string['flawnoright'] = 'No choice of answers earns exactly the full mark.';
$string['flawnumber'] = 'The answer "{$a}" is not a number.';
$string['flawpair'] = 'A matching question needs at least two complete pairs with different answers.';
$string['flawtype'] = 'Questions of the type "{$a}" cannot be used in a curriculum.';
$string['idnumbertaken'] = 'The idnumber "{$a->idnumber}" is already used by something else in course {$a->courseid}. Nothing was renamed.';
$string['idnumbertoolong'] = 'The idnumber "{$a->idnumber}" is longer than {$a->max} characters. Choose shorter keys.';
$string['nametoolong'] = 'The name "{$a->name}" is longer than {$a->max} characters.';
$string['noname'] = 'A name is missing.';
$string['notmanaged'] = 'The idnumber "{$a}" does not begin with "stewardpath:", so Stewardpath may not read or change it.';
$string['notonequestion'] = 'The document must contain exactly one question, but it contains {$a}.';
$string['notxml'] = 'The document is not well-formed XML. Line {$a->line}: {$a->error}';
$string['othercourse'] = 'Course {$a->courseid} does not have the idnumber "{$a->idnumber}".';
$string['otheridnumber'] = 'The idnumber in the document is "{$a}".';
$string['outofbounds'] = 'The {$a->name} must be between {$a->least} and {$a->most}, not {$a->value}.';
$string['pluginname'] = 'Stewardpath';
$string['privacy:metadata:change'] = 'Events of accounts and completions in the last 90 days, for Stewardpath to read.';
$string['privacy:metadata:change:cmid'] = 'The activity of the event, by its number in Moodle';
$string['privacy:metadata:change:courseid'] = 'The course of the event';
$string['privacy:metadata:change:courseidnumber'] = 'The ID number of that course';
$string['privacy:metadata:change:grade'] = 'The grade, in per cent';
$string['privacy:metadata:change:idnumber'] = 'The activity of the event';
$string['privacy:metadata:change:kind'] = 'The kind of event';
$string['privacy:metadata:change:state'] = 'The completion state, or the number of the attempt';
$string['privacy:metadata:change:timecreated'] = 'The time of the event';
$string['privacy:metadata:change:userid'] = 'The user of the event';
$string['privacy:metadata:external'] = 'The union\'s Stewardpath service reads accounts and completions, to find out who has earned which milestone.';
$string['privacy:metadata:external:account'] = 'Name, username, email and whether it is confirmed, member number and language';
$string['privacy:metadata:external:completions'] = 'Which activities were completed, when, and with which grade';
$string['questiontwice'] = 'The question "{$a}" is listed twice. A quiz can contain each question only once.';
$string['quizhasattempts'] = 'The quiz "{$a->quiz}" has {$a->attempts} attempts by learners, so questions cannot be added, removed or moved. Change the wording of its questions, or create a new quiz and hide this one.';
$string['servicerole'] = 'Stewardpath service';
$string['servicerole_desc'] = 'Exactly the capabilities that the Stewardpath service needs to keep courses up to date with the curriculum. Created by local/stewardpath/cli/setup.php; run it again after a change.';
$string['stewardpath:issuebadges'] = 'Create Stewardpath badges and issue them to members';
$string['stewardpath:readfeed'] = 'Read members\' completions, and find members\' accounts';
$string['stewardpath:sync'] = 'Create and update the content of a curriculum';
$string['stewardpath:viewstate'] = 'Read the content of a curriculum';
$string['taskforgetoldchanges'] = 'Delete old changes';
$string['unknownactivity'] = 'There is no activity with the idnumber "{$a->idnumber}" in course {$a->courseid}.';
$string['unknownbadge'] = 'There is no badge with the idnumber "{$a}". Save it first.';
$string['unknowncategory'] = 'There is no question category with the idnumber "{$a->idnumber}" in course {$a->courseid}.';
$string['unknowncourse'] = 'There is no course with the id {$a}.';
$string['unknownkind'] = 'There is no kind "{$a->kind}" here. Use one of: {$a->kinds}.';
$string['unknownquestion'] = 'There is no question with the idnumber "{$a->idnumber}" in the question bank of course {$a->courseid}. Import it first.';
$string['unknownsection'] = 'There is no section with the idnumber "{$a->idnumber}" in course {$a->courseid}. Save it first.';
$string['unknowntemplate'] = 'There is no learning plan template with the id {$a}.';
$string['unknownuser'] = 'There is no user with the id {$a}, or the account was deleted.';
$string['wrongkind'] = 'The idnumber "{$a->idnumber}" belongs to an activity of the kind "{$a->is}", so no "{$a->wanted}" can be saved with it. Choose another key.';
