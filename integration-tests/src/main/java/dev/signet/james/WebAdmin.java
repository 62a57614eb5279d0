// SPDX-License-Identifier: Apache-2.0
package dev.signet.james;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.json.JsonMapper;
import com.fasterxml.jackson.databind.node.MissingNode;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.locks.LockSupport;

/** James's administration over HTTP, as far as we need it. */
public final class WebAdmin {

    private static final JsonMapper MAPPER = JsonMapper.builder().build();

    private final HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
    private final int port;

    public WebAdmin(int port) {
        this.port = port;
    }

    /** Creates a user, or gives an existing one this password. */
    public void addUser(Account account) throws IOException, InterruptedException {
        // No character of an address or password of ours needs escaping in JSON.
        put("/users/" + account.address() + "?force", "{\"password\":\"" + account.password() + "\"}");
    }

    /** Adds a member to a group of James; the first one makes the group. */
    public void addToGroup(String group, String member) throws IOException, InterruptedException {
        put("/address/groups/" + group + "/" + member, "");
    }

    /** Sends mail for an address of ours on to another address. */
    public void redirect(String from, String to) throws IOException, InterruptedException {
        map("address", from, to);
    }

    /** Sends mail for all addresses of a domain that match on to another address. A plus in the regex would come out as a space. */
    public void redirectAll(String domain, String regex, String to) throws IOException, InterruptedException {
        map("regex", "*@" + domain, URLEncoder.encode(regex + ":" + to, StandardCharsets.UTF_8));
    }

    private void map(String type, String from, String to) throws IOException, InterruptedException {
        HttpResponse<String> response =
                send(request("/mappings/" + type + "/" + from + "/targets/" + to).POST(HttpRequest.BodyPublishers.noBody()));
        if (response.statusCode() >= 300) {
            throw new IOException("POST mapping of " + from + ": " + response.statusCode() + " " + response.body());
        }
    }

    /** Gives a user an inbox. James does so itself when the first message comes; where two come at once, one of them may be lost (3.8.1). */
    public void addInbox(Account account) throws IOException, InterruptedException {
        put("/users/" + account.address() + "/mailboxes/INBOX", "");
    }

    /** Deletes all mailboxes of a user with what is in them. */
    public void removeMailboxes(Account account) throws IOException, InterruptedException {
        HttpResponse<String> response = send(request("/users/" + account.address() + "/mailboxes").DELETE());
        if (response.statusCode() >= 300) {
            throw new IOException("DELETE mailboxes of " + account.address() + ": " + response.statusCode() + " " + response.body());
        }
    }

    /** What all health checks say, as James's JSON. */
    public String healthChecks() throws IOException, InterruptedException {
        return send(request("/healthcheck").GET()).body();
    }

    /** What one health check says: healthy, degraded or unhealthy. */
    public String health(String component) throws IOException, InterruptedException {
        for (JsonNode check : MAPPER.readTree(healthChecks()).path("checks")) {
            if (check.path("componentName").asText().equals(component)) {
                return check.path("status").asText();
            }
        }
        throw new IOException("no health check " + component);
    }

    /** Waits, without end, until everything that James has accepted has left. */
    public void awaitEmptyQueues() throws IOException, InterruptedException {
        // In the order in which a mail goes through them.
        awaitSize("spool", 0);
        awaitSize("outgoing", 0);
    }

    /**
     * Waits, without end, until so many mails are in a queue, those included that are being worked on.
     *
     * @param queue such as {@code spool}
     */
    public void awaitSize(String queue, int size) throws IOException, InterruptedException {
        while (queued(queue) != size) {
            LockSupport.parkNanos(20_000_000);
        }
    }

    /** How many mails are in a queue of James, or have left it and are not done with. */
    public int queued(String queue) throws IOException, InterruptedException {
        HttpResponse<String> response = send(request("/mailQueues/" + queue).GET());
        if (response.statusCode() != 200) {
            throw new IOException("GET queue " + queue + ": " + response.statusCode() + " " + response.body());
        }
        return MAPPER.readTree(response.body()).path("size").asInt(-1);
    }

    /** Has a queue of James deliver at once what it keeps for later. */
    public void flush(String queue) throws IOException, InterruptedException {
        String mails = "/mailQueues/" + queue + "/mails?delayed=true";
        HttpResponse<String> response =
                send(request(mails).method("PATCH", HttpRequest.BodyPublishers.ofString("{\"delayed\":\"false\"}")));
        if (response.statusCode() >= 300) {
            throw new IOException("PATCH " + mails + ": " + response.statusCode() + " " + response.body());
        }
    }

    /**
     * The mails in a repository, each as James's JSON.
     *
     * @param path such as {@code var/mail/error/}; empty where there is no such repository
     */
    public List<String> mailsIn(String path) throws IOException, InterruptedException {
        String mails = "/mailRepositories/" + URLEncoder.encode(path, StandardCharsets.UTF_8) + "/mails";
        HttpResponse<String> names = send(request(mails).GET());
        List<String> found = new ArrayList<>();
        for (JsonNode name : names.statusCode() == 200 ? MAPPER.readTree(names.body()) : MissingNode.getInstance()) {
            found.add(send(request(mails + "/" + name.asText()).GET()).body());
        }
        return found;
    }

    /**
     * Has all mails of a repository processed once more.
     *
     * @param path such as {@code var/mail/error/}
     * @param processor where they go
     */
    public void reprocess(String path, String processor) throws IOException, InterruptedException {
        String mails = "/mailRepositories/" + URLEncoder.encode(path, StandardCharsets.UTF_8) + "/mails?action=reprocess&processor=" + processor;
        HttpResponse<String> response = send(request(mails).method("PATCH", HttpRequest.BodyPublishers.noBody()));
        if (response.statusCode() >= 300) {
            throw new IOException("PATCH " + mails + ": " + response.statusCode() + " " + response.body());
        }
    }

    /** Whether the server is there and answers. */
    boolean answers() throws InterruptedException {
        try {
            return send(request("/domains").GET()).statusCode() == 200;
        } catch (IOException notYet) {
            return false;
        }
    }

    private void put(String path, String json) throws IOException, InterruptedException {
        HttpResponse<String> response = send(request(path).PUT(HttpRequest.BodyPublishers.ofString(json)));
        if (response.statusCode() >= 300) {
            throw new IOException("PUT " + path + ": " + response.statusCode() + " " + response.body());
        }
    }

    private HttpRequest.Builder request(String path) {
        return HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + port + path)).timeout(Duration.ofSeconds(30));
    }

    private HttpResponse<String> send(HttpRequest.Builder request) throws IOException, InterruptedException {
        return http.send(request.build(), BodyHandlers.ofString());
    }
}
