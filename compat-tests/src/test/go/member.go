package main

import (
	"bufio"
	"context"
	"fmt"
	"os"
	"strconv"
	"strings"
	"sync"
	"syscall"
	"time"
	"unsafe"

	"github.com/twmb/franz-go/pkg/kgo"
	"github.com/twmb/franz-go/pkg/kmsg"
)

const clockMonotonic = 1

// nanos is the time of the machine's monotonic clock.
func nanos() int64 {
	var at syscall.Timespec
	syscall.Syscall(syscall.SYS_CLOCK_GETTIME, clockMonotonic, uintptr(unsafe.Pointer(&at)), 0)
	return at.Nano()
}

// churner is a member of a group that writes down its history; ChurnMember.java says what it does.
type churner struct {
	client *kgo.Client
	waits  bool
	epoch  string
	output sync.Mutex
}

func (m *churner) write(words ...any) {
	m.output.Lock()
	defer m.output.Unlock()
	fmt.Println(words...)
}

func (m *churner) each(kind string) func(context.Context, *kgo.Client, map[string][]int32) {
	return func(_ context.Context, _ *kgo.Client, all map[string][]int32) {
		for topic, partitions := range all {
			for _, partition := range partitions {
				m.write(kind, topic, partition, nanos())
			}
		}
	}
}

func (m *churner) stored(_ *kgo.Client, _ *kmsg.OffsetCommitRequest, response *kmsg.OffsetCommitResponse, err error) {
	if err != nil {
		m.write("unstored", "ERROR")
		return
	}
	for _, topic := range response.Topics {
		for _, partition := range topic.Partitions {
			if partition.ErrorCode != 0 {
				m.write("unstored", partition.ErrorCode)
			}
		}
	}
}

func (m *churner) noteEpoch() {
	_, generation := m.client.GroupMetadata()
	now := "-"
	if generation >= 0 {
		now = strconv.Itoa(int(generation))
	}
	if now != m.epoch {
		m.epoch = now
		m.write("epoch", now)
	}
}

func (m *churner) commit(ctx context.Context, offsets map[string]map[int32]kgo.EpochOffset) {
	done := func(client *kgo.Client, request *kmsg.OffsetCommitRequest, response *kmsg.OffsetCommitResponse, err error) {
		m.stored(client, request, response, err)
		if err != nil {
			return
		}
		for _, topic := range response.Topics {
			for _, partition := range topic.Partitions {
				if partition.ErrorCode == 0 {
					m.write("stored", topic.Topic, partition.Partition, offsets[topic.Topic][partition.Partition].Offset, nanos())
				}
			}
		}
	}
	if m.waits {
		m.client.CommitOffsetsSync(ctx, offsets, done)
	} else {
		m.client.CommitOffsets(ctx, offsets, done)
	}
}

func (m *churner) consume(ctx context.Context) {
	timeout, cancel := context.WithTimeout(ctx, 100*time.Millisecond)
	defer cancel()
	fetches := m.client.PollRecords(timeout, 200)
	if !fetches.Empty() {
		m.noteEpoch()
		offsets := map[string]map[int32]kgo.EpochOffset{}
		fetches.EachRecord(func(r *kgo.Record) {
			m.write("read", r.Topic, r.Partition, r.Offset, string(r.Value))
			if offsets[r.Topic] == nil {
				offsets[r.Topic] = map[int32]kgo.EpochOffset{}
			}
			offsets[r.Topic][r.Partition] = kgo.EpochOffset{Epoch: r.LeaderEpoch, Offset: r.Offset + 1}
		})
		if len(offsets) > 0 {
			m.commit(ctx, offsets)
		}
	}
	m.client.AllowRebalance()
}

// churn is one member: BROKER member NAME SEED GROUP TOPIC PROTOCOL COMMIT.
func churn(ctx context.Context, broker string, arguments []string) {
	name, group, topic, protocol := arguments[0], arguments[2], arguments[3], arguments[4]
	m := &churner{waits: arguments[5] == "sync", epoch: "-"}
	options := []kgo.Opt{
		kgo.ClientID(name), kgo.ConsumerGroup(group), kgo.ConsumeTopics(topic), kgo.DisableAutoCommit(),
		kgo.ConsumeResetOffset(kgo.NewOffset().AtStart()), kgo.BlockRebalanceOnPoll(),
		kgo.SessionTimeout(10 * time.Second), kgo.HeartbeatInterval(500 * time.Millisecond), kgo.RebalanceTimeout(10 * time.Second),
		kgo.MetadataMaxAge(time.Second), kgo.MetadataMinAge(250 * time.Millisecond), kgo.RetryBackoffFn(func(int) time.Duration { return 200 * time.Millisecond }),
		kgo.OnPartitionsAssigned(m.each("assigned")), kgo.OnPartitionsRevoked(m.each("revoked")), kgo.OnPartitionsLost(m.each("revoked")),
	}
	if strings.HasPrefix(topic, "^") {
		options = append(options, kgo.ConsumeRegex())
	}
	if protocol == "consumer" {
		options = append(options, kgo.Balancers(kgo.StickyBalancer()), kgo.ServerSideBalancer())
	} else {
		options = append(options, kgo.Balancers(kgo.RangeBalancer(), kgo.RoundRobinBalancer()))
	}
	m.client = client(broker, options...)
	commands := make(chan string)
	go func() {
		for lines := bufio.NewScanner(os.Stdin); lines.Scan(); {
			commands <- lines.Text()
		}
		commands <- "end"
	}()
	for told := false; !told; {
		select {
		case command := <-commands:
			m.write("held", nanos())
			if ms, isHold := strings.CutPrefix(command, "hold "); isHold {
				wait, err := strconv.Atoi(ms)
				check(err)
				time.Sleep(time.Duration(wait) * time.Millisecond)
			} else {
				told = true
			}
		default:
			m.consume(ctx)
		}
	}
	m.client.CloseAllowingRebalance()
	m.write("left", "told")
}
